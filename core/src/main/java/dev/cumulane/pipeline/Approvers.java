// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.pipeline;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Who may approve, and how many of them it takes.
 *
 * @param anyOf the identities that may vote, sorted
 * @param quorum how many of them must approve, at least 1
 */
public record Approvers(List<String> anyOf, int quorum) {
    private static final Pattern IDENTITY = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}");

    /** Sorts the identities and refuses a quorum that they cannot reach. */
    public Approvers {
        anyOf = anyOf.stream().distinct().sorted().toList();
        for (String one : anyOf) {
            if (!IDENTITY.matcher(one).matches()) {
                throw new IllegalArgumentException("approver " + Names.shown(one)
                        + " is not usable: 1 to 128 letters, digits, dots, underscores, hyphens, plus and at signs");
            }
        }
        if (anyOf.isEmpty()) {
            throw new IllegalArgumentException("an approval needs at least one approver");
        }
        if (quorum < 1 || quorum > anyOf.size()) {
            throw new IllegalArgumentException("a quorum of " + quorum + " cannot be reached: choose 1 to "
                    + anyOf.size() + ", the number of approvers");
        }
    }

    /**
     * One vote of any of these is enough.
     *
     * @param identities who may vote
     * @return the approvers
     */
    public static Approvers anyOf(String... identities) {
        return new Approvers(List.of(identities), 1);
    }

    /**
     * It takes the votes of all of these.
     *
     * @param identities who must vote
     * @return the approvers
     */
    public static Approvers allOf(String... identities) {
        return new Approvers(List.of(identities), (int)
                List.of(identities).stream().distinct().count());
    }

    /**
     * The same people, with another quorum.
     *
     * @param votes how many must approve
     * @return the approvers
     */
    public Approvers quorum(int votes) {
        return new Approvers(anyOf, votes);
    }
}
