// SPDX-License-Identifier: Apache-2.0

// The C library's byte routines, which nothing written here would beat.

#if canImport(Glibc)
public import Glibc
#elseif canImport(Musl)
public import Musl
#else
public import Darwin
#endif

@inlinable
@inline(__always)
package func compareBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Bool {
    unsafe memcmp(left, right, count) == 0
}

func orderBytes(_ left: UnsafePointer<UInt8>, _ right: UnsafePointer<UInt8>, _ count: Int) -> Int {
    unsafe Int(memcmp(left, right, count))
}

@inlinable
@inline(__always)
package func findByte(_ byte: UInt8, _ base: UnsafePointer<UInt8>, _ count: Int) -> Int? {
    guard count > 0, let found = unsafe memchr(base, Int32(byte), count) else { return nil }
    return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
}
