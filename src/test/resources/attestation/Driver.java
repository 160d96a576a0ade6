import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

public class Driver {
    public static void main(String[] arguments) throws Exception {
        Attestation verifier = new Attestation(arguments[0], Integer.parseInt(arguments[1]));
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            String[] f = line.split("\t", -1);
            Attestation.Claims c = verifier.verify(f[4], f[1], f[2].equals("(none)") ? null : f[2], f[3], Long.parseLong(f[0]));
            System.out.println(c == null ? "refused" : Stream.of(
                            c.decision(), c.source(), c.level(), c.entity(), c.reference(), c.failOpen(), c.expires())
                    .map(value -> Objects.toString(value, "")).collect(Collectors.joining("|")));
        }
    }
}
