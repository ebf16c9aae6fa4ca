// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import java.util.Optional;

/**
 * A change request as a forge tells of it, still unchecked.
 *
 * @param number its number
 * @param ref the ref under which the repository itself holds its head, a fork's too
 * @param head the head's commit id
 * @param target the branch that it wants to change
 * @param title its title
 * @param fork whether the head comes from another repository
 * @param draft whether its author calls it unfinished
 * @param opener who opened it, if that is told by the name that the forge gives for who did what is told
 */
record Change(
        long number,
        String ref,
        String head,
        String target,
        String title,
        boolean fork,
        boolean draft,
        Optional<String> opener) {}
