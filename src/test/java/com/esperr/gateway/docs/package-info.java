/**
 * What is written for people, read by tests: README, the pages of {@code docs}, the commented configuration, the container files and the chart. A promise that
 * the code does not keep fails the build.
 */
@NullMarked
package com.esperr.gateway.docs;

import org.jspecify.annotations.NullMarked;
