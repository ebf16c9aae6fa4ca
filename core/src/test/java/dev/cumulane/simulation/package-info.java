// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The real engine in a simulated world where everything goes wrong that may: one seed, one life. */
@NullMarked
package dev.cumulane.simulation;

import org.jspecify.annotations.NullMarked;
