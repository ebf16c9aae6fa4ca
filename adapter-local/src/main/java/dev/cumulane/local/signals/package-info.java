// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The signals of the local cloud. */
@NullMarked
package dev.cumulane.local.signals;

import org.jspecify.annotations.NullMarked;
