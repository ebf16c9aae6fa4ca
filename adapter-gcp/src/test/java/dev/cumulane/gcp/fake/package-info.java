// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Services of Google Cloud on loopback, for which there is no emulator. */
@NullMarked
package dev.cumulane.gcp.fake;

import org.jspecify.annotations.NullMarked;
