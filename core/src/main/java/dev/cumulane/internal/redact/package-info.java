// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Finds secrets in all the forms that they commonly take, in one pass over a text that comes in pieces. */
@NullMarked
package dev.cumulane.internal.redact;

import org.jspecify.annotations.NullMarked;
