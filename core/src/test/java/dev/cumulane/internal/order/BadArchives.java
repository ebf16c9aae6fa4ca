// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Archives that nobody may unpack, by what is wrong with them. */
final class BadArchives {
    private BadArchives() {}

    static Map<String, byte[]> all() {
        Map<String, byte[]> bad = new LinkedHashMap<>();
        bad.put("leads upwards", new RawTar().file("../escaped", "x").gz());
        bad.put(
                "leads upwards from within",
                new RawTar().directory("a/").file("a/../../escaped", "x").gz());
        bad.put("absolute", new RawTar().file("/tmp/escaped", "x").gz());
        bad.put("symbolic link", new RawTar().link('2', "a", "/etc/passwd").gz());
        bad.put(
                "file through a symbolic link",
                new RawTar().link('2', "a", "..").file("a/escaped", "x").gz());
        bad.put("hard link", new RawTar().file("b", "x").link('1', "a", "b").gz());
        bad.put(
                "hard link out",
                new RawTar().link('1', "escaped", "/etc/passwd").gz());
        bad.put("device", new RawTar().link('3', "a", "").gz());
        bad.put("pipe", new RawTar().link('6', "a", "").gz());
        bad.put("newline in a name", new RawTar().file("a\nb", "x").gz());
        bad.put("escape in a name", new RawTar().file("a\u001b[2Jb", "x").gz());
        bad.put("backslash in a name", new RawTar().file("a\\b", "x").gz());
        bad.put("in .git", new RawTar().file(".git/hooks/pre-commit", "x").gz());
        bad.put("in .GIT", new RawTar().file(".GIT/config", "x").gz());
        bad.put(
                "twice the same name",
                new RawTar().file("a", "x").file("a", "y").gz());
        bad.put(
                "names that differ in case alone",
                new RawTar().file("readme", "x").file("README", "y").gz());
        bad.put("set-uid", new RawTar().entry('0', "a", "", 04755, "x").gz());
        bad.put("too deep", new RawTar().file("d/".repeat(33) + "a", "x").gz());
        bad.put("no gzip", new RawTar().file("a", "x").tar());
        bad.put("no tar", RawTar.gz("hello".repeat(500).getBytes(StandardCharsets.UTF_8)));
        byte[] good = new RawTar().file("a", "x".repeat(2000)).gz();
        bad.put("cut off", Arrays.copyOf(good, good.length - 12));
        return bad;
    }
}
