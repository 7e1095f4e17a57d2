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
            postpone(path, name: name, isFirst: isFirst)
            return
        }
        guard let file = candidate(path) else {
            if errno == EMFILE || errno == ENFILE {
                openLimit.lower(to: files.count, logger)
                postpone(path, name: name, isFirst: isFirst)
            } else if errno == ENOENT {
                openCompressed(path, name: name, isFirst: isFirst, monotonic: monotonic)
            } else if errno != 0 {
                complain(path, "it cannot be opened (\(lastError))")
            }
            return
        }
        // Between looking and opening it may have become another.
        guard files[file.status.identity] == nil, !isFinished(file) else { return }
        if file.content.isCompressed, !makeRoomForCompressed() {
            postpone(path, name: name, isFirst: isFirst)
            return
        }
        closed[file.status.identity] = nil
        if let (generation, offset) = known(file) {
            // What has less than was read may be a copy that is being made.
            if offset < self.offset(of: generation), isWaitingCopy(file, monotonic: monotonic) { return }
            state.adopt(generation.row)
            resume(generation, in: file, at: offset, monotonic: monotonic)
            return
        }
        if isWaitingCopy(file, monotonic: monotonic) || isBeginning(file, monotonic: monotonic) { return }
        // What it was made of may have gone since it was looked for.
        if file.content.isCompressed, let (generation, offset) = known(file) {
            resume(generation, in: file, at: offset, monotonic: monotonic)
            return
        }
        let skipsAll = isFirst && options.start == .end
        // What a compressed file had at the start is all that it is to have.
        beginAnew(file, name: name, offset: skipsAll ? file.content.extent(upTo: .max, file.status).size : 0, monotonic)
    }

    /// Reads a file as a generation of its own.
    func beginAnew(_ file: Candidate, name: String, offset: Int64 = 0, _ monotonic: Int64) {
        guard let head = file.content.head() else { return }
        let generation = begin(path: name, file.status, head: head, offset: offset)
        noteDoubt(generation, file)
        logger.debug("new file", metadata: ["path": "\(file.path)", "generation": "\(generation.identifier)"])
        add(file, generation, offset, monotonic)
    }

    /// So many compressed files are read at once: each takes memory.
    private static let compressedAtOnce = 16

    /// - Returns: whether one more compressed file may be open.
    private func makeRoomForCompressed() -> Bool {
        let compressed = files.values.filter(\.content.isCompressed)
        if compressed.count < Self.compressedAtOnce { return true }
        guard let resting = compressed.first(where: { $0.isResting && $0.limit == .max }) else { return false }
        release(resting)
        return true
    }

    /// Reads the rest of a generation in a file that has its content.
    func resume(_ known: Generation, in file: Candidate, at offset: Int64, monotonic: Int64) {
        let (size, isWhole) = file.content.extent(upTo: offset + 1, file.status)
        // A copy that was made before the last of it was written: from now on that is all.
        let isShorter = isWhole && Self.anchors(of: known).last.map { $0.end > size } ?? false
        if isShorter { state.trimAnchors(known.row, to: size) }
        if known.device != file.status.device || known.inode != file.status.inode {
            state.update(known.row, device: file.status.device, inode: file.status.inode, head: known.head)
            index.move(known.row, to: file.status.identity)
        }
        logger.debug("goes on", metadata: ["path": "\(file.path)", "offset": "\(offset)"])
        let generation = state.generation(known.row) ?? known
        if isWhole, offset >= size, isShorter || file.content.isCompressed {
            // It will not grow.
            handedOn[known.row] = offset
            noteClosed(file.status, row: known.row, position: offset, isFinished: true)
            if file.content.isCompressed { noteFinished(known.row, file.status, textSize: size) }
            return
        }
        add(file, generation, offset, monotonic)
    }

    /// The file was there a moment ago: it may have been compressed.
    func openCompressed(_ path: String, name: String, isFirst: Bool, monotonic: Int64) {
        let compressed = path + FileCompression.suffix
        guard options.compression == .auto, !path.hasSuffix(FileCompression.suffix),
            let status = FileStatus(path: compressed), status.isRegular, files[status.identity] == nil
        else { return }
        open(compressed, status, name: name, isFirst: isFirst, monotonic: monotonic)
    }

    /// Whether a compressed file is known to have been delivered to its end, which would take long to find out.
    private func isFinished(_ file: Candidate) -> Bool {
        guard file.content.isCompressed, let row = index.newest(file.status.identity),
            let generation = state.generation(row)
        else { return false }
        let marks = generation.marks
        guard marks.compressedSize == file.status.size, marks.compressedModified == file.status.modified,
            generation.resumeOffset(outputs: outputs) >= marks.textSize
        else { return false }
        noteClosed(file.status, row: row, position: marks.textSize, isFinished: true)
        return true
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
        index.insert(generation)
        return generation
    }

    func add(
        _ found: Candidate,
        _ generation: Generation,
        _ position: Int64,
        _ monotonic: Int64
    ) {
        if complaints.removeValue(forKey: found.path) != nil { countFailures() }
        let file = TailedFile(
            path: found.path,
            content: found.content,
            identity: found.status.identity,
            generation: generation,
            position: position,
            source: source(of: generation),
            modified: found.status.modified,
            wasEmpty: found.status.size == 0,
            now: monotonic,
            framing: options.framing,
            selection: selection,
            handedOn: generation.doneRanges(outputs: outputs)
                + (handedOnBeyond.removeValue(forKey: generation.row) ?? [])
        )
        file.checksContent = options.identity == .content && !found.content.isCompressed
        // Content that has moved on: what stands where it was comes after it.
        if file.path != generation.path { file.successor = generation.path }
        files[file.identity] = file
        openRows.insert(generation.row)
        if options.framing.joinsLines { openFamilies.insert(file) }
        rename(file, file.path)
        opened.append(file)
    }

    func source(of generation: Generation) -> EventSource {
        var common = options.fields
        if options.addsMetadata {
            common.insert(("log", "{\"file\":{\"path\":\(JSONText.string(generation.path))}}"), at: 0)
            if options.framing.container != nil {
                common += ContainerFields.read(path: generation.path, logger: logger)
            }
        }
        return EventSource(generation: generation.identifier, path: generation.path, common: common)
    }
}
