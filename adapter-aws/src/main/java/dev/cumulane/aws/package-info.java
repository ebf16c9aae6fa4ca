// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** Runs pipelines on AWS. */
@NullMarked
package dev.cumulane.aws;

import org.jspecify.annotations.NullMarked;
