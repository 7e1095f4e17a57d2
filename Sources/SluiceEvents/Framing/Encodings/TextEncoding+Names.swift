// SPDX-License-Identifier: Apache-2.0

/// The names that Filebeat knows: its own table (libbeat's `readfile/encoding`), and after it the labels of the WHATWG's
/// Encoding Standard (https://encoding.spec.whatwg.org/#names-and-labels), where `latin1` and `iso-8859-1` mean
/// Windows' code page 1252.
extension TextEncoding {
    /// Nil if there is no such encoding. Letter case does not matter.
    package static func named(_ name: String) -> TextEncoding? {
        let name = name.lowercased()
        guard !name.isEmpty else { return .utf8 }
        return table[name].map { TextEncoding(name: name, kind: $0) }
    }

    /// Every name, for `did you mean`.
    package static var names: [String] { Array(table.keys) }

    private static func windows(_ number: Int) -> Kind { .singleByte("CP\(number)", hasControls: true) }
    private static func single(_ name: String) -> Kind { .singleByte(name, hasControls: false) }

    private static let table: [String: Kind] = {
        var table: [String: Kind] = [:]
        for (kind, names) in standard { for name in names.split(separator: " ") { table[String(name)] = kind } }
        // Filebeat's own names come first.
        for (kind, names) in own { for name in names.split(separator: " ") { table[String(name)] = kind } }
        return table
    }()

    private static let own: [(Kind, String)] =
        [
            (.utf8, "nop plain unicode-1-1-utf-8 utf-8 utf8"),
            (.utf16(.mark(otherwise: .big)), "utf-16-bom"),
            (.utf16(.mark(otherwise: .big)), "utf-16be-bom"),
            (.utf16(.mark(otherwise: .little)), "utf-16le-bom"),
            (.several("GBK"), "gbk"),
            (single("ISO-8859-6"), "iso8859-6e iso8859-6i"),
            (single("ISO-8859-8"), "iso8859-8e iso8859-8i"),
            (single("IBM037"), "ebcdic-037"), (single("IBM1140"), "ebcdic-1040"), (single("IBM1047"), "ebcdic-1047"),
            (single("KOI8-R"), "koi8r"), (single("KOI8-U"), "koi8u"),
            (single("MACINTOSH"), "macintosh"), (single("MAC-CYRILLIC"), "macintosh-cyrillic"),
            (windows(874), "windows874"),
        ]
        + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13, 14, 15, 16].map { (single("ISO-8859-\($0)"), "iso8859-\($0)") }
        + [437, 850, 852, 855, 858, 860, 862, 863, 865, 866].map { (single("IBM\($0)"), "cp\($0)") }
        + (1250...1258).map { (windows($0), "windows\($0)") }

    private static let standard: [(Kind, String)] = [
        (.utf8, "unicode11utf8 unicode20utf8 x-unicode20utf8"),
        (.utf16(.big), "utf-16be unicodefffe"),
        (.utf16(.little), "utf-16le utf-16 csunicode iso-10646-ucs-2 ucs-2 unicode unicodefeff"),
        (single("IBM866"), "ibm866 866 csibm866"),
        (single("ISO-8859-2"), "iso-8859-2 csisolatin2 iso-ir-101 iso88592 iso_8859-2 iso_8859-2:1987 l2 latin2"),
        (single("ISO-8859-3"), "iso-8859-3 csisolatin3 iso-ir-109 iso88593 iso_8859-3 iso_8859-3:1988 l3 latin3"),
        (single("ISO-8859-4"), "iso-8859-4 csisolatin4 iso-ir-110 iso88594 iso_8859-4 iso_8859-4:1988 l4 latin4"),
        (
            single("ISO-8859-5"),
            "iso-8859-5 csisolatincyrillic cyrillic iso-ir-144 iso88595 iso_8859-5 iso_8859-5:1988"
        ),
        (
            single("ISO-8859-6"),
            "iso-8859-6 iso-8859-6-e iso-8859-6-i arabic asmo-708 csiso88596e csiso88596i csisolatinarabic ecma-114 "
                + "iso-ir-127 iso88596 iso_8859-6 iso_8859-6:1987"
        ),
        (
            single("ISO-8859-7"),
            "iso-8859-7 csisolatingreek ecma-118 elot_928 greek greek8 iso-ir-126 iso88597 iso_8859-7 iso_8859-7:1987 "
                + "sun_eu_greek"
        ),
        (
            single("ISO-8859-8"),
            "iso-8859-8 iso-8859-8-e iso-8859-8-i csiso88598e csiso88598i csisolatinhebrew hebrew iso-ir-138 iso88598 "
                + "iso_8859-8 iso_8859-8:1988 visual logical"
        ),
        (single("ISO-8859-10"), "iso-8859-10 csisolatin6 iso-ir-157 iso885910 l6 latin6"),
        (single("ISO-8859-13"), "iso-8859-13 iso885913"),
        (single("ISO-8859-14"), "iso-8859-14 iso885914"),
        (single("ISO-8859-15"), "iso-8859-15 csisolatin9 iso885915 iso_8859-15 l9"),
        (single("ISO-8859-16"), "iso-8859-16"),
        (single("KOI8-R"), "koi8-r cskoi8r koi koi8 koi8_r"),
        (single("KOI8-U"), "koi8-u koi8-ru"),
        (single("MACINTOSH"), "csmacintosh mac x-mac-roman"),
        (single("MAC-CYRILLIC"), "x-mac-cyrillic x-mac-ukrainian"),
        (windows(874), "windows-874 dos-874 iso-8859-11 iso8859-11 iso885911 tis-620"),
        (windows(1250), "windows-1250 cp1250 x-cp1250"),
        (windows(1251), "windows-1251 cp1251 x-cp1251"),
        (
            windows(1252),
            "windows-1252 cp1252 x-cp1252 ansi_x3.4-1968 ascii cp819 csisolatin1 ibm819 iso-8859-1 iso-ir-100 iso88591 "
                + "iso_8859-1 iso_8859-1:1987 l1 latin1 us-ascii"
        ),
        (windows(1253), "windows-1253 cp1253 x-cp1253"),
        (
            windows(1254),
            "windows-1254 cp1254 x-cp1254 csisolatin5 iso-8859-9 iso-ir-148 iso88599 iso_8859-9 iso_8859-9:1989 l5 latin5"
        ),
        (windows(1255), "windows-1255 cp1255 x-cp1255"),
        (windows(1256), "windows-1256 cp1256 x-cp1256"),
        (windows(1257), "windows-1257 cp1257 x-cp1257"),
        (windows(1258), "windows-1258 cp1258 x-cp1258"),
        (.several("GBK"), "chinese csgb2312 csiso58gb231280 gb2312 gb_2312 gb_2312-80 iso-ir-58 x-gbk"),
        (.several("GB18030"), "gb18030"),
        (.several("BIG5-HKSCS"), "big5 big5-hkscs cn-big5 csbig5 x-x-big5"),
        (.several("EUC-JP-MS"), "euc-jp cseucpkdfmtjapanese x-euc-jp"),
        (.several("ISO-2022-JP"), "iso-2022-jp csiso2022jp"),
        (.several("CP932"), "shift_jis csshiftjis ms932 ms_kanji shift-jis sjis windows-31j x-sjis"),
        (
            .several("CP949"),
            "euc-kr cseuckr csksc56011987 iso-ir-149 korean ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949"
        ),
    ]
}
