// SPDX-License-Identifier: Apache-2.0

import Logging
import SluiceBytes

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writing and rotating, under the file's lock.
extension RotatingFile {
    /// - Parameters:
    ///   - lines: whole lines.
    ///   - count: how many.
    ///   - level: the highest among them.
    func append(_ lines: ByteView, count: Int, level: Logger.Level, _ state: inout RotatingFileState) {
        if state.isRetired, !state.isClosed { return appendLate(lines, count: count, level: level, &state) }
        let now = SystemClock.coarseMonotonic()
        if now >= state.nextCheck || HangupSignal.count != state.hangups { look(&state, now: now) }
        var rest = lines
        var restCount = count
        while true {
            let fitting = makeRoom(for: rest, isOne: restCount == 1, &state, now: now)
            if fitting >= rest.count { return put(rest, count: restCount, level: level, &state) }
            let part = rest[0..<fitting]
            let partCount = part.count(of: UInt8(ascii: "\n"))
            put(part, count: partCount, level: level, &state)
            rest = rest[fitting..<rest.count]
            restCount -= partCount
        }
    }

    /// Nobody should write here any more, and the file is open for these lines alone.
    private func appendLate(_ lines: ByteView, count: Int, level: Logger.Level, _ state: inout RotatingFileState) {
        reopen(&state)
        put(lines, count: count, level: level, &state)
        if sync != .never { _ = state.file?.sync() }
        state.file?.close()
        state.file = nil
    }

    private func put(_ lines: ByteView, count: Int, level: Logger.Level, _ state: inout RotatingFileState) {
        guard let outcome = state.file?.append(lines) else {
            let error = state.openingError ?? SystemError("write to", path: path, code: EBADF)
            if !state.isClosed { state.written.errors += 1 }
            return state.drops.drop(count, because: error, isQuiet: state.isClosed)
        }
        guard case .complete = outcome else {
            guard case .failed(let code, let kept) = outcome else { return }
            // The first line after an error may be one that was written whole.
            let lost = lines[kept..<lines.count].count(of: UInt8(ascii: "\n"))
            state.written.add(lines: count - lost, bytes: kept)
            state.written.errors += 1
            if kept > 0 { syncAfterWrite(level: level, &state) }
            return state.drops.drop(lost, because: SystemError("write to", path: path, code: code))
        }
        state.written.add(lines: count, bytes: lines.count)
        if !state.isDegraded { state.drops.recover(path: path) }
        syncAfterWrite(level: level, &state)
    }

    @inline(__always)
    private func syncAfterWrite(level: Logger.Level, _ state: inout RotatingFileState) {
        switch sync {
        case .never: return
        case .interval:
            if !state.isUnsynced {
                state.isUnsynced = true
                startTasks()
            }
            return
        case .level(let lowest): if level < lowest { return }
        case .everyLine: break
        }
        state.syncs += 1
        if let code = state.file?.sync() { complainAboutSync(code, &state) }
    }

    func complainAboutSync(_ code: Int32, _ state: inout RotatingFileState) {
        let error = SystemError("sync", path: path, code: code)
        state.drops.complain(about: error, consequence: "log lines may not survive a power failure")
    }

    /// Whether anything ever changes the file for a new one.
    var isRotated: Bool {
        retention.maximumCount != 0 && (rotation.maximumBytes > 0 || rotation.schedule != nil)
    }

    /// Changes the file for a new one if it is time to.
    ///
    /// - Returns: how many bytes of `lines`, from their beginning and whole lines, go to the file now.
    func makeRoom(for lines: ByteView, isOne: Bool, _ state: inout RotatingFileState, now: Int64) -> Int {
        if state.scheduled != .max, SystemClock.coarseNow() >= state.scheduled, now >= state.nextAttempt {
            changeByTheClock(&state, now: now)
        }
        let limit = rotation.maximumBytes
        guard limit > 0, let size = state.file?.size, size + lines.count >= limit, isRotated else { return lines.count }
        let first = isOne ? lines.count : (lines.firstIndex(of: UInt8(ascii: "\n")) ?? lines.count - 1) + 1
        if size > 0, size + first >= limit, now >= state.nextAttempt { rotate(&state, now: now) }
        guard let size = state.file?.size, size == 0 || size + first < limit else { return lines.count }
        var end = first
        while end < lines.count, let length = lines[end..<lines.count].firstIndex(of: UInt8(ascii: "\n")),
            size + end + length + 1 < limit
        {
            end += length + 1
        }
        return end
    }

    private func changeByTheClock(_ state: inout RotatingFileState, now: Int64) {
        // Another process may have changed it; and an empty one need not be.
        if state.file?.isStill(at: path) == true, state.file?.size ?? 0 > 0 { return rotate(&state, now: now) }
        if state.file?.size == 0 { state.scheduled = nextChange(after: SystemClock.now()) } else { reopen(&state) }
    }

    /// When the clock next changes a file that has just been opened.
    func nextChange(of file: AppendingFile) -> Int64 {
        guard rotation.schedule != nil, isRotated, file.isRegular else { return .max }
        return nextChange(after: file.size > 0 ? file.modified * 1_000_000_000 : SystemClock.now())
    }

    private func nextChange(after nanoseconds: Int64) -> Int64 {
        guard let schedule = rotation.schedule else { return .max }
        let seconds = Timestamp.floorDivide(nanoseconds, 1_000_000_000)
        return schedule.next(after: seconds, offset: rotation.offset) * 1_000_000_000
    }

    /// Whether the file is still where it was, and what else is looked at now and then.
    func look(_ state: inout RotatingFileState, now: Int64) {
        guard !state.isClosed else { return }
        state.nextCheck = now + checkInterval
        state.isReportDue = true
        let hangups = HangupSignal.count
        if state.mustReopen || hangups != state.hangups || state.file?.isStill(at: path) != true {
            state.hangups = hangups
            reopen(&state)
        }
        lookForOthers(&state)
        if state.mustReopen {
            state.mustReopen = false
            if case .interval = sync { startTasks() }
        }
        // If the clock was set back, the next change has come nearer.
        if state.scheduled != .max { state.scheduled = min(state.scheduled, nextChange(after: SystemClock.now())) }
    }

    /// Whether other processes write to the file, which makes each write cost a little more.
    private func lookForOthers(_ state: inout RotatingFileState) {
        if state.file?.isAlone() != false {
            // After a rotation others may not have come to the new file yet.
            state.timesAlone += 1
            guard state.isShared, state.timesAlone >= 10 else { return }
            state.isShared = false
            state.file?.endSharing()
        } else {
            state.timesAlone = 0
            state.isShared = true
            state.file?.beginSharing(path: path)
        }
    }

    func reopen(_ state: inout RotatingFileState) {
        do throws(SystemError) {
            var file = try AppendingFile(path: path)
            if state.isShared { file.beginSharing(path: path) }
            letGo(&state)
            state.file = file
            state.openingError = nil
            state.isDegraded = false
            state.scheduled = nextChange(of: file)
            if sync != .never { directory.sync() }
        } catch {
            if state.file?.hasName == true, !state.mustReopen {
                state.isDegraded = true
                let consequence = "log lines go to where the file was moved until that is put right"
                state.drops.complain(about: error, consequence: consequence)
            } else {
                // Nobody would find what goes to a file without a name.
                state.file?.close()
                state.file = nil
                state.openingError = error
            }
        }
    }

    private func letGo(_ state: inout RotatingFileState) {
        if sync != .never, !state.mustReopen { _ = state.file?.sync() }
        state.isUnsynced = false
        state.file?.close()
    }

    private func rotate(_ state: inout RotatingFileState, now: Int64) {
        guard state.file?.isRegular == true else { return }
        // Whoever else writes to the file may have changed it already.
        guard state.file?.isStill(at: path) == true else { return reopen(&state) }
        guard let lock = RotationLock(directory: directory.directory) else {
            // Another process is at it, or stopped while it was; the file takes what comes meanwhile.
            state.nextAttempt = SystemClock.coarseMonotonic() + checkInterval
            return
        }
        guard state.file?.isStill(at: path) == true else {
            lock.release()
            return reopen(&state)
        }
        if let code = directory.moveAside(stamp: stamp(state)) {
            state.nextAttempt = now + checkInterval
            state.isDegraded = true
            let consequence = "it grows beyond what was asked for meanwhile"
            state.drops.complain(about: SystemError("rename", path: path, code: code), consequence: consequence)
        } else {
            reopen(&state)
            removeExcess()
            state.rotations += 1
        }
        lock.release()
    }

    /// The date in the name that the file gets.
    private func stamp(_ state: RotatingFileState) -> String {
        guard rotation.naming == .dated else { return "" }
        guard let schedule = rotation.schedule, state.scheduled != .max else {
            let now = Timestamp.floorDivide(SystemClock.now(), 1_000_000_000)
            return RotatedName.stamp(ofLocal: now + rotation.offset(at: now), .day)
        }
        let end = Timestamp.floorDivide(state.scheduled, 1_000_000_000)
        return RotatedName.stamp(
            ofLocal: schedule.localStart(ofPeriodEndingAt: end, offset: rotation.offset),
            schedule.stamp
        )
    }

    func removeExcess() {
        let now = Timestamp.floorDivide(SystemClock.now(), 1_000_000_000)
        for file in retention.excess(of: directory.files(), now: now) { directory.remove(file) }
    }
}

extension ByteView {
    /// How often the byte is there.
    func count(of byte: UInt8) -> Int {
        var count = 0
        var rest = self
        while let index = rest.firstIndex(of: byte) {
            count += 1
            rest = rest[(index + 1)..<rest.count]
        }
        return count
    }
}
