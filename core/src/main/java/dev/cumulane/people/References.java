// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.people;

import java.util.List;

/** Checks of references of secrets. */
final class References {
    private References() {}

    /** One reference, or two while one secret takes the other's place. */
    static List<String> oneOrTwo(String what, List<String> references) {
        boolean isUsable = (references.size() == 1 || references.size() == 2)
                && references.stream().noneMatch(String::isBlank)
                && references.stream().distinct().count() == references.size();
        if (!isUsable) {
            throw new IllegalArgumentException(
                    what + " is named by 1 or 2 different secret references, not " + references);
        }
        return List.copyOf(references);
    }
}
