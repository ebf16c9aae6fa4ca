// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Bytes of events, signals and snapshots. */
@NullMarked
package dev.cumulane.internal.codec;

import org.jspecify.annotations.NullMarked;
