// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The journal of the AWS cloud. */
@NullMarked
package dev.cumulane.aws.journal;

import org.jspecify.annotations.NullMarked;
