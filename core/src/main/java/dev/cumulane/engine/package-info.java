// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Starts runs, counts votes and follows the journal. */
@NullMarked
package dev.cumulane.engine;

import org.jspecify.annotations.NullMarked;
