// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
package dev.cumulane.source;

import dev.cumulane.pipeline.Digest;
import java.time.Instant;

/**
 * A delivery that proved its origin and could not be read.
 *
 * @param delivery the forge's own id for it, by which the forge shows it and can deliver it again
 * @param body the digest of its body, by which the artifact store has it
 * @param why what is wrong with it: one plain line
 * @param at when it was kept aside
 */
public record KeptAside(String delivery, Digest body, String why, Instant at) {}
