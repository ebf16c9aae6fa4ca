// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The price list of the local cloud. */
@NullMarked
package dev.cumulane.local.prices;

import org.jspecify.annotations.NullMarked;
