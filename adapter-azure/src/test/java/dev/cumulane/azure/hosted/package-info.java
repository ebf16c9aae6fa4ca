// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The entry class of a team in a host of functions, which reads what was generated for it. */
@NullMarked
package dev.cumulane.azure.hosted;

import org.jspecify.annotations.NullMarked;
