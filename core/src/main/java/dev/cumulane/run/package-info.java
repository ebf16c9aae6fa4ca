// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** What happens: events, runs and how they end. */
@NullMarked
package dev.cumulane.run;

import org.jspecify.annotations.NullMarked;
