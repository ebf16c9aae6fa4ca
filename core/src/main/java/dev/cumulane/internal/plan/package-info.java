// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Checks a pipeline's graph: keys and edges, nothing else. */
@NullMarked
package dev.cumulane.internal.plan;

import org.jspecify.annotations.NullMarked;
