// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0
/** The greeting service from its sources to its deployment: the example that a newcomer runs first. */
@NullMarked
package dev.cumulane.examples.greeting;

import org.jspecify.annotations.NullMarked;
