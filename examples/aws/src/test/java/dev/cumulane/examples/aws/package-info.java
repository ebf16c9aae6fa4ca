// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What the functions' jar is like, and how they start. */
@NullMarked
package dev.cumulane.examples.aws;

import org.jspecify.annotations.NullMarked;
