// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Services that have no emulator, played on the loopback address. */
@NullMarked
package dev.cumulane.azure.fake;

import org.jspecify.annotations.NullMarked;
