// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** The logs of the AWS cloud. */
@NullMarked
package dev.cumulane.aws.logs;

import org.jspecify.annotations.NullMarked;
