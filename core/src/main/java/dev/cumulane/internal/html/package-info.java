// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** HTML that is built of values, so that a text from outside cannot become markup. */
@NullMarked
package dev.cumulane.internal.html;

import org.jspecify.annotations.NullMarked;
