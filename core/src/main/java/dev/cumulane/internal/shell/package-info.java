// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The only code that calls ports. */
@NullMarked
package dev.cumulane.internal.shell;

import org.jspecify.annotations.NullMarked;
