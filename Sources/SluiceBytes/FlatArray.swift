// SPDX-License-Identifier: Apache-2.0

/// A growing row of plain values that keeps its storage when emptied.
///
/// What an array is, without its uniqueness checks and retains: batches keep their events and fields in these, and
/// recycle them. Indices are asserted in debug builds; callers take them from `count` and from the batch itself.
@safe
@usableFromInline
package final class FlatArray<Element: BitwiseCopyable> {
    // As in `ByteArena`, exclusive access is the holder's duty and is not checked at run time.
    @exclusivity(unchecked) @usableFromInline var storage: UnsafeMutablePointer<Element>
    @safe @exclusivity(unchecked) @usableFromInline var used = 0
    @safe @exclusivity(unchecked) @usableFromInline var room: Int

    // In other modules these are plain loads only if the access itself is written here.
    @inlinable package var base: UnsafeMutablePointer<Element> { unsafe storage }
    @inlinable
    package var count: Int {
        @inline(__always) get { used }
        @inline(__always) set { used = newValue }
    }
    @inlinable package var capacity: Int { room }

    package init(capacity: Int = 64) {
        room = Swift.max(capacity, 1)
        unsafe storage = .allocate(capacity: room)
    }

    deinit { unsafe storage.deallocate() }

    @inlinable
    package subscript(index: Int) -> Element {
        @inline(__always) _read {
            assert(index >= 0 && index < count)
            yield unsafe storage[index]
        }
        @inline(__always) _modify {
            assert(index >= 0 && index < count)
            yield unsafe &storage[index]
        }
    }

    @inlinable
    @inline(__always)
    package func append(_ element: Element) {
        if count == capacity { grow(to: count + 1) }
        unsafe (storage + count).initialize(to: element)
        used &+= 1
    }

    /// Adds `extra` elements, all the same.
    @inlinable
    package func append(repeating element: Element, count extra: Int) {
        if count &+ extra > capacity { grow(to: count + extra) }
        unsafe (storage + count).initialize(repeating: element, count: extra)
        used &+= extra
    }

    /// Makes room for `extra` elements that hold anything at all until they are written.
    @inlinable
    package func extend(by extra: Int) {
        if count &+ extra > capacity { grow(to: count + extra) }
        used &+= extra
    }

    @inlinable package func removeAll() { used = 0 }

    /// Takes back everything after `length`.
    @inlinable package func truncate(to length: Int) { if length < count { used = Swift.max(0, length) } }

    @usableFromInline
    func grow(to wanted: Int) {
        let larger = Swift.max(wanted, capacity * 2)
        let copy = UnsafeMutablePointer<Element>.allocate(capacity: larger)
        unsafe copy.update(from: storage, count: count)
        unsafe storage.deallocate()
        unsafe storage = copy
        room = larger
    }
}

extension FlatArray: RandomAccessCollection {
    @inlinable package var startIndex: Int { 0 }
    @inlinable package var endIndex: Int { count }
}
