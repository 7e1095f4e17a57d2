// SPDX-License-Identifier: Apache-2.0

import Glibc
import SluiceEvents

/// How files are opened, as many as may be.
extension FileCatalogue {
    /// - Parameter name: the path that the file's events say, if it begins a generation.
    func open(_ path: String, _ found: FileStatus, name: String, isFirst: Bool, monotonic: Int64) {
        if isTooOld(found) { return }
        openLimit.refresh()
        if files.count >= openLimit.count, !makeRoom(monotonic: monotonic) {
            postpone(path, isFirst: isFirst)
            return
        }
        let descriptor = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == EMFILE || errno == ENFILE {
                openLimit.lower(to: files.count, logger)
                postpone(path, isFirst: isFirst)
            } else if errno != ENOENT {
                complain(path, "it cannot be opened (\(lastError))")
            }
            return
        }
        // Between looking and opening it may have become another.
        guard let status = FileStatus(descriptor: descriptor), status.isRegular,
            let head = FileFingerprint.head(descriptor), files[status.identity] == nil
        else {
            close(descriptor)
            return
        }
        if let known = closed.removeValue(forKey: status.identity), let generation = state.generation(known.row),
            known.position <= status.size, continues(generation, descriptor, status)
        {
            add(path, descriptor, status, generation, known.position, monotonic)
            return
        }
        if var generation = known(path: path, descriptor, status) {
            state.adopt(generation.row)
            if generation.device != status.device || generation.inode != status.inode {
                state.update(generation.row, device: status.device, inode: status.inode, head: generation.head)
                index.move(generation.row, to: status.identity)
            }
            generation = state.generation(generation.row) ?? generation
            let offset = generation.resumeOffset(outputs: outputs)
            logger.debug("goes on", metadata: ["path": "\(path)", "offset": "\(offset)"])
            add(path, descriptor, status, generation, offset, monotonic)
            return
        }
        if isWaitingCopy(path, descriptor, status, monotonic) {
            close(descriptor)
            return
        }
        let offset = isFirst && options.start == .end ? status.size : 0
        let generation = begin(path: name, status, head: head, offset: offset)
        noteDoubt(generation, descriptor, status)
        logger.debug("new file", metadata: ["path": "\(path)", "generation": "\(generation.identifier)"])
        add(path, descriptor, status, generation, offset, monotonic)
    }

    /// Whether a file that no generation is known of has not changed for too long.
    func isTooOld(_ status: FileStatus) -> Bool {
        options.ignoreOlder > 0 && SystemClock.now() - status.modified > options.ignoreOlder
            && closed[status.identity] == nil && index.rows(status.identity).isEmpty
    }

    func begin(path: String, _ status: FileStatus, head: FileFingerprint, offset: Int64) -> Generation {
        let generation = state.beginGeneration(
            path: path,
            device: status.device,
            inode: status.inode,
            head: head,
            offset: offset
        )
        // While everything is looked through, those that had the file before are not among the absent yet.
        for row in index.rows(ofFile: generation) {
            absent?[FilePattern.directory(of: index.entries[row]?.path ?? ""), default: []].append(row)
        }
        index.insert(generation)
        return generation
    }

    func add(
        _ path: String,
        _ descriptor: Int32,
        _ status: FileStatus,
        _ generation: Generation,
        _ position: Int64,
        _ monotonic: Int64
    ) {
        if complaints.removeValue(forKey: path) != nil { countFailures() }
        let file = TailedFile(
            path: path,
            descriptor: descriptor,
            identity: status.identity,
            generation: generation,
            position: position,
            source: source(of: generation),
            modified: status.modified,
            now: monotonic
        )
        files[status.identity] = file
        openRows.insert(generation.row)
        rename(file, path)
        opened.append(file)
    }

    func source(of generation: Generation) -> EventSource {
        var common = options.fields
        if options.addsMetadata {
            common.insert(("log", "{\"file\":{\"path\":\(JSONText.string(generation.path))}}"), at: 0)
        }
        return EventSource(generation: generation.identifier, path: generation.path, common: common)
    }
}
