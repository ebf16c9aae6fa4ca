// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The journal of the local cloud. */
@NullMarked
package dev.cumulane.local.journal;

import org.jspecify.annotations.NullMarked;
