// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.internal.source;

import java.util.List;
import java.util.Optional;

/**
 * A push as a forge tells of it, still unchecked.
 *
 * @param ref the full ref
 * @param head the new head's commit id; zeros if the ref was deleted
 * @param by who pushed
 * @param message the head's message
 * @param changed the paths that were changed, if the forge tells all of them
 */
record Push(String ref, String head, String by, String message, Optional<List<String>> changed) {}
