// SPDX-License-Identifier: Apache-2.0

/// A growing row of plain values that keeps its storage when emptied.
///
/// What an array is, without its uniqueness checks and retains: batches keep their events and fields in these, and
/// recycle them. Indices are asserted in debug builds; callers take them from `count` and from the batch itself.
@safe
@usableFromInline
package final class FlatArray<Element: BitwiseCopyable> {
    /// Outside the object, for the same reason as in `ByteArena`.
    @safe
    @usableFromInline
    struct Storage {
        @usableFromInline var base: UnsafeMutablePointer<Element>
        @usableFromInline var count: Int
        @usableFromInline var capacity: Int

        @inlinable
        init(base: UnsafeMutablePointer<Element>, count: Int, capacity: Int) {
            unsafe self.base = base
            self.count = count
            self.capacity = capacity
        }
    }

    @usableFromInline let storage: UnsafeMutablePointer<Storage>

    @inlinable var base: UnsafeMutablePointer<Element> {
        @inline(__always) get { unsafe storage.pointee.base }
    }

    @inlinable package var count: Int {
        @inline(__always) get { unsafe storage.pointee.count }
        @inline(__always) set { unsafe storage.pointee.count = newValue }
    }

    @inlinable package var capacity: Int {
        @inline(__always) get { unsafe storage.pointee.capacity }
    }

    package init(capacity: Int = 64) {
        let capacity = Swift.max(capacity, 1)
        unsafe storage = .allocate(capacity: 1)
        unsafe storage.initialize(to: Storage(base: .allocate(capacity: capacity), count: 0, capacity: capacity))
    }

    deinit {
        unsafe base.deallocate()
        unsafe storage.deallocate()
    }

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

    /// Makes `extra` more elements, whose values are whatever was there: the caller writes them before they are read.
    @inlinable
    package func extend(by extra: Int) {
        if count &+ extra > capacity { grow(to: count + extra) }
        count &+= extra
    }

    @inlinable package func removeAll() { count = 0 }

    /// Takes back everything after `length`.
    @inlinable package func truncate(to length: Int) { if length < count { count = Swift.max(0, length) } }

    @usableFromInline
    func grow(to wanted: Int) {
        let larger = Swift.max(wanted, capacity * 2)
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        unsafe copy.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe storage.pointee.base = copy
        unsafe storage.pointee.capacity = larger
    }
}

extension FlatArray: RandomAccessCollection {
    @inlinable package var startIndex: Int { 0 }
    @inlinable package var endIndex: Int { count }
}
