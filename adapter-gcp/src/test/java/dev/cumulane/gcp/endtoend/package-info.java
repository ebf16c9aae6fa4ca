// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Google Cloud as a whole, on loopback. */
@NullMarked
package dev.cumulane.gcp.endtoend;

import org.jspecify.annotations.NullMarked;
