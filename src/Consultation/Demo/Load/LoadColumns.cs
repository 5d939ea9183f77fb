using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Consultation.Demo;

/// <summary>
/// Writes the columns of one type of row as the model maps them, compiled: asking the model's getters and converters for every single value, each
/// in an object of its own, took as much time as making the cases.
/// </summary>
internal static class LoadColumns
{
    private static readonly ParameterExpression Copy = Expression.Parameter(typeof(LoadCopy));

    public static Action<LoadCopy, object> Compile(Type type, IEnumerable<IProperty> columns)
    {
        var row = Expression.Parameter(typeof(object));
        var typed = Expression.Variable(type);
        return Expression.Lambda<Action<LoadCopy, object>>(
            Expression.Block([typed], [Expression.Assign(typed, Expression.Convert(row, type)), .. columns.Select(c => Column(c, typed))]), Copy, row).Compile();
    }

    private static Expression Column(IProperty property, Expression row)
    {
        var isJson = property.GetColumnType() == "jsonb";
        var convert = property.GetTypeMapping().Converter?.ConvertToProviderExpression;
        return UnlessNull(
            Expression.MakeMemberAccess(row, property.GetMemberInfo(forMaterialization: false, forSet: false)),
            value => convert is null ? Write(value, isJson) : UnlessNull(Expression.Invoke(convert, Expression.Convert(value, convert.Parameters[0].Type)), v => Write(v, isJson)));
    }

    private static Expression UnlessNull(Expression value, Func<Expression, Expression> write)
    {
        if (value.Type.IsValueType && Nullable.GetUnderlyingType(value.Type) is null)
        {
            return write(value);
        }

        var once = Expression.Variable(value.Type);
        return Expression.Block(
            [once],
            Expression.Assign(once, value),
            Expression.IfThenElse(
                Expression.Equal(once, Expression.Constant(null, value.Type)),
                Expression.Call(Copy, nameof(LoadCopy.Null), null),
                write(value.Type.IsValueType ? Expression.Property(once, nameof(Nullable<int>.Value)) : once)));
    }

    private static MethodCallExpression Write(Expression value, bool isJson) => Expression.Call(
        Copy, typeof(LoadCopy).GetMethod(isJson ? nameof(LoadCopy.Json) : nameof(LoadCopy.Value), [value.Type]) ?? throw new NotSupportedException(value.Type.Name), value);
}
