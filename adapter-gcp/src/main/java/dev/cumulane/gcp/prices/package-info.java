// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The price list of Google Cloud. */
@NullMarked
package dev.cumulane.gcp.prices;

import org.jspecify.annotations.NullMarked;
