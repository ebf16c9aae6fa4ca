// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Work orders tried under real shells, and what comes back from them. */
@NullMarked
package dev.cumulane.internal.order;

import org.jspecify.annotations.NullMarked;
