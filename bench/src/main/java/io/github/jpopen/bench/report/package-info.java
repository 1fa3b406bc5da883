/** The page that is written from what was measured: tables, charts, targets, the summary. */
@NullMarked
package io.github.jpopen.bench.report;

import org.jspecify.annotations.NullMarked;
