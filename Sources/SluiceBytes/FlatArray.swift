// SPDX-License-Identifier: Apache-2.0

/// A growing row of plain values that keeps its storage when emptied.
///
/// What an array is, without its uniqueness checks and retains: batches keep their events and fields in these, and
/// recycle them. Indices are asserted in debug builds; callers take them from `count` and from the batch itself.
@safe
@usableFromInline
package final class FlatArray<Element: BitwiseCopyable> {
    @usableFromInline package private(set) var base: UnsafeMutablePointer<Element>
    @usableFromInline package var count: Int = 0
    @usableFromInline package private(set) var capacity: Int

    package init(capacity: Int = 64) {
        self.capacity = max(capacity, 1)
        unsafe base = .allocate(capacity: self.capacity)
    }

    deinit { unsafe base.deallocate() }

    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) _read {
            assert(index >= 0 && index < count)
            yield unsafe base[index]
        }
        @inline(__always) _modify {
            assert(index >= 0 && index < count)
            yield unsafe &base[index]
        }
    }

    @inlinable
    @inline(__always)
    package func append(_ element: Element) {
        if count == capacity { grow(to: count + 1) }
        unsafe (base + count).initialize(to: element)
        count &+= 1
    }

    /// Adds `extra` elements, all the same.
    @inlinable
    package func append(repeating element: Element, count extra: Int) {
        if count &+ extra > capacity { grow(to: count + extra) }
        unsafe (base + count).initialize(repeating: element, count: extra)
        count &+= extra
    }

    @inlinable package func removeAll() { count = 0 }

    /// Takes back everything after `length`.
    @inlinable package func truncate(to length: Int) { if length < count { count = max(0, length) } }

    @inlinable package var isEmpty: Bool { count == 0 }

    @usableFromInline
    func grow(to wanted: Int) {
        let larger = max(wanted, capacity * 2)
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        unsafe copy.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = copy
        capacity = larger
    }
}
