// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Rules on who may use whom, and the proof that each rule refuses. */
@NullMarked
package dev.cumulane.architecture;

import org.jspecify.annotations.NullMarked;
