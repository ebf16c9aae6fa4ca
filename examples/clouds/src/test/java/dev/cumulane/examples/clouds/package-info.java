// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** All adapters in one process. */
@NullMarked
package dev.cumulane.examples.clouds;

import org.jspecify.annotations.NullMarked;
