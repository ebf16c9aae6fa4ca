// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** From {@code git push} to the team's screen: a webhook, a run, commit statuses, cards, an approval; everything around the team is played by the example itself. */
@NullMarked
package dev.cumulane.examples.push;

import org.jspecify.annotations.NullMarked;
