// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Tests of the code that calls ports, each with one thing going wrong. */
@NullMarked
package dev.cumulane.internal.shell;

import org.jspecify.annotations.NullMarked;
