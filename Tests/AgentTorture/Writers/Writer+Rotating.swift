// SPDX-License-Identifier: Apache-2.0

import TestSupport

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The styles of rotation.
extension Writer {
    func rotate() throws {
        switch plan.style {
        case .rename, .processes:
            try family.rename(Self.file, next)
            try linger()
            try reopen()
        case .renameNoCreate:
            try family.rename(Self.file, next)
            try write(lines: 1 + random.below(200))
            MachineClock.sleep(milliseconds: random.below(1500))
            try write(lines: 1 + random.below(20))
            try reopen()
        case .copyTruncate:
            try shift()
            try family.copy(Self.file, to: Self.file + ".1")
            // Whoever writes in between writes to what is about to go.
            if random.below(4) == 0 { try write(lines: 1 + random.below(3)) }
            MachineClock.sleep(milliseconds: random.pick([0, 0, 5, 700]))
            try family.truncate(Self.file)
        case .numbered:
            try shift()
            try family.rename(Self.file, Self.file + ".1")
            try reopen()
        case .logrotate:
            try shift()
            try family.rename(Self.file, Self.file + ".1")
            try family.make(Self.file)
            // It goes on with the old one until it is told of the new one.
            try linger()
            try reopen()
        case .dated:
            try family.rename(Self.file, "\(Self.file)-20261124-\(rotations)")
            try reopen()
            let oldest = "\(Self.file)-20261124-\(rotations - plan.keeps)"
            if family.exists(oldest) { try family.remove(oldest) }
        case .gzip:
            try shift(suffix: ".gz")
            try family.rename(Self.file, Self.file + ".1")
            try reopen()
            try family.compress(Self.file + ".1")
        case .gzipLater:
            try shift(suffix: ".gz", from: 2)
            if family.exists(Self.file + ".1") {
                try family.rename(Self.file + ".1", Self.file + ".2")
                try family.compress(Self.file + ".2")
            }
            try family.rename(Self.file, Self.file + ".1")
            try reopen()
        case .delete:
            try prepareForTheWorst()
            if random.below(2) == 0 {
                try family.rename(Self.file, next)
                try reopen()
                try family.remove(next)
            } else {
                try family.remove(Self.file)
                try reopen()
            }
        case .truncate:
            try prepareForTheWorst()
            try family.truncate(Self.file)
        case .replace:
            try prepareForTheWorst()
            try family.follow(".new")
            try write(lines: 1 + random.below(40))
            try family.rename(".new", Self.file)
        case .hardLink:
            try family.link(Self.file, next)
            try write(lines: 1 + random.below(40))
            MachineClock.sleep(milliseconds: random.pick([0, 200, 900]))
            try family.remove(Self.file)
            try linger()
            try reopen()
        case .moved:
            try family.rename(Self.file, away)
            try write(lines: 1 + random.below(40))
            MachineClock.sleep(milliseconds: random.below(2500))
            try family.rename(away, Self.file)
        }
    }

    /// A name in a directory that no pattern looks into.
    private var away: String { "../away-\(plan.number)" }

    private var next: String { "\(Self.file).\(rotations + 1)" }

    /// Whoever has the file open goes on with it for a moment.
    private func linger() throws {
        if random.below(3) == 0 { try write(lines: 1 + random.below(10)) }
        MachineClock.sleep(milliseconds: random.pick([0, 0, 0, 3, 50, 800]))
    }

    /// Before what destroys lines: mostly waits until an agent that lives on has all of them, so that none may be missing;
    /// and leaves half a line at times, whose end never comes.
    private func prepareForTheWorst() throws {
        if random.below(4) > 0 {
            while !stop.isSet, !canBeHad { MachineClock.sleep(milliseconds: 20) }
        }
        if random.below(3) == 0 { try writeHalfALine() }
    }

    /// `app.log.1` becomes `app.log.2`, and so on; the oldest goes.
    private func shift(suffix: String = "", from first: Int = 1) throws {
        let oldest = "\(Self.file).\(plan.keeps)\(suffix)"
        if plan.style != .numbered, family.exists(oldest) { try family.remove(oldest) }
        for number in stride(from: plan.keeps - 1, through: first, by: -1) {
            let name = "\(Self.file).\(number)\(suffix)"
            if family.exists(name) { try family.rename(name, "\(Self.file).\(number + 1)\(suffix)") }
        }
    }
}
