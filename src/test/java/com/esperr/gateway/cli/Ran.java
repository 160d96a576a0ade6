package com.esperr.gateway.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;

/** One command line run in this process, with what it answered and printed. */
record Ran(int code, List<String> out, List<String> err) {
    static Ran command(String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        int code = GatewayCommand.execute(new PrintWriter(out), new PrintWriter(err), arguments);
        return new Ran(
                code, out.toString().lines().toList(), err.toString().lines().toList());
    }

    /** What it printed, as running text, however it was wrapped. */
    String text() {
        return String.join(" ", out).replaceAll("\\s+", " ");
    }
}
