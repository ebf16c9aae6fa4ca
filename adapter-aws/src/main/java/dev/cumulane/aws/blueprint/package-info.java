// Copyright 2026 The Cumulane Authors
// SPDX-License-Identifier: Apache-2.0

/** What an installation on AWS consists of, as a CloudFormation template. */
@NullMarked
package dev.cumulane.aws.blueprint;

import org.jspecify.annotations.NullMarked;
