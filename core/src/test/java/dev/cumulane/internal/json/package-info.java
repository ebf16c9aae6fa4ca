// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** JSON in a strict, bounded and stable form. */
@NullMarked
package dev.cumulane.internal.json;

import org.jspecify.annotations.NullMarked;
