// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Real pipelines, ready to run. */
@NullMarked
package dev.cumulane.examples;

import org.jspecify.annotations.NullMarked;
