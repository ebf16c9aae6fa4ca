// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** Access to the interfaces that others publish; tests that use it are tagged {@code contracts}. */
@NullMarked
package dev.cumulane.contracts;

import org.jspecify.annotations.NullMarked;
