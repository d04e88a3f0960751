package io.giftorders.reference;

import io.giftorders.problem.Refusal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.Type;

/**
 * Reads from the service's byte code which problems it can answer: the constants that are given to a refusal's constructor as
 * its {@code name}, and the types that are written out.
 */
final class ProblemNames extends ClassVisitor {

    private static final Pattern NAME = Pattern.compile("[a-z]+(-[a-z]+)*");
    private static final String TYPE = "/problems/";

    private final Set<String> found;
    private String owner = "";

    private ProblemNames(Set<String> found) {
        super(Opcodes.ASM9);
        this.found = found;
    }

    static Set<String> inTheService() {
        Set<String> found = new TreeSet<>();
        try (Stream<Path> files = Files.walk(Path.of(Refusal.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI()))) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(".class")).toList()) {
                new ClassReader(Files.readAllBytes(file)).accept(new ProblemNames(found), ClassReader.SKIP_DEBUG);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException noPlace) {
            throw new IllegalStateException(noPlace);
        }
        return found;
    }

    @Override
    public void visit(int version, int access, String name, String signature, String parent, String[] interfaces) {
        owner = name;
    }

    @Override
    public MethodVisitor visitMethod(
            int access, String method, String descriptor, String signature, String[] exceptions) {
        boolean passesNamesOn = method.equals("<init>") && takesName(owner, descriptor);
        List<String> constants = new ArrayList<>();
        return new MethodVisitor(Opcodes.ASM9) {

            @Override
            public void visitTypeInsn(int instruction, String type) {
                if (instruction == Opcodes.NEW) {
                    constants.clear();
                }
            }

            @Override
            public void visitLdcInsn(Object constant) {
                if (constant instanceof String text) {
                    constants.add(text);
                    if (text.startsWith(TYPE) && text.length() > TYPE.length()) {
                        found.add(text.substring(TYPE.length()));
                    }
                }
            }

            @Override
            public void visitMethodInsn(
                    int instruction, String type, String called, String arguments, boolean isInterface) {
                if (called.equals("<init>") && takesName(type, arguments)) {
                    List<String> names =
                            constants.stream().filter(NAME.asMatchPredicate()).toList();
                    if (names.isEmpty() && !passesNamesOn) {
                        throw new IllegalStateException("cannot tell the problem's name in " + owner + "." + method);
                    }
                    found.addAll(names);
                    constants.clear();
                }
            }
        };
    }

    private static boolean takesName(String type, String descriptor) {
        return type.startsWith("io/giftorders/")
                && Stream.of(load(type).getDeclaredConstructors())
                        .filter(constructor -> Refusal.class.isAssignableFrom(constructor.getDeclaringClass()))
                        .filter(constructor ->
                                Type.getConstructorDescriptor(constructor).equals(descriptor))
                        .flatMap(constructor -> Stream.of(constructor.getParameters()))
                        .anyMatch(parameter -> parameter.getName().equals("name"));
    }

    private static Class<?> load(String type) {
        try {
            return Class.forName(type.replace('/', '.'), false, Refusal.class.getClassLoader());
        } catch (ClassNotFoundException missing) {
            throw new IllegalStateException(missing);
        }
    }
}
