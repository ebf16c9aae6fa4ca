// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The price list of the Azure cloud. */
@NullMarked
package dev.cumulane.azure.prices;

import org.jspecify.annotations.NullMarked;
