// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Names of traces and spans, which follow from the names of runs. */
@NullMarked
package dev.cumulane.internal.trace;

import org.jspecify.annotations.NullMarked;
