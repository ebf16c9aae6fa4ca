// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.order;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The names in one archive: each good by itself, and no two that some file system takes for one. */
final class ArchiveNames {
    /** By folded path: the path as written, and whether it can hold others. */
    private record Known(String name, boolean directory, boolean listed) {}

    private final Map<String, Known> known = new HashMap<>();
    private final int most;
    private int count;

    ArchiveNames(int most) {
        this.most = most;
    }

    void add(Archives.Entry entry) throws RefusedInputException {
        if (++count > most) {
            throw new RefusedInputException("the archive has more than " + most + " entries");
        }
        String name = entry.name();
        String problem = RelativePath.problem(name);
        if (!problem.isEmpty()) {
            throw new RefusedInputException("the name '" + ShellText.shown(name) + "' in the archive " + problem);
        }
        for (int slash = name.indexOf('/'); slash >= 0; slash = name.indexOf('/', slash + 1)) {
            Known above = new Known(name.substring(0, slash), true, false);
            Known there = known.putIfAbsent(folded(above.name()), above);
            if (there != null && (!there.directory() || !there.name().equals(above.name()))) {
                throw meets(name, there);
            }
        }
        Known one = new Known(name, entry.directory(), true);
        Known there = known.put(folded(name), one);
        boolean completes = there != null
                && !there.listed()
                && entry.directory()
                && there.name().equals(name);
        if (there != null && !completes) {
            throw meets(name, there);
        }
    }

    private static RefusedInputException meets(String name, Known there) {
        return new RefusedInputException("the names '" + ShellText.shown(there.name()) + "' and '"
                + ShellText.shown(name) + "' in the archive meet in one file");
    }

    private static String folded(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFKC)
                .toUpperCase(Locale.ROOT)
                .toLowerCase(Locale.ROOT);
    }
}
